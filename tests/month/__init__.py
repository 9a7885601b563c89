"""A simulated month: people at work, faults, restarts and a changing number of workers, with every save accounted for."""
