"""The words of the domain as frozen values; nothing here reads, writes or decides."""
