"""The wizard that makes a caisse: place, first administrator, review; then the job's own page."""
