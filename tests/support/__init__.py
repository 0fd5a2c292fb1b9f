"""What all tests stand on: the run's cluster and databases, the live portal, the browser."""
