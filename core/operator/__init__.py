"""The operators' console under ``/operator/`` on the platform's own host: who runs the platform, and what they did."""
