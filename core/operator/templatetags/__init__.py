"""Tags of the operators' console."""
