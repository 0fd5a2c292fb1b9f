"""One small class for each production component: what it needs, how it starts, what it answers to."""
