"""Ways in that somebody outside vouches for: a client certificate, an account at an OpenID provider."""
