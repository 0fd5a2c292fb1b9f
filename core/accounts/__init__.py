"""Users, parties, mandates and memberships; sign-in, sessions, one-time codes and their limiter."""
