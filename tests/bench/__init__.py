"""Measures what the project promises about requests, time and memory; prints figures and judges nothing."""
