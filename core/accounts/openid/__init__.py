"""Sign-in by the OpenID provider that a caisse names: code flow with PKCE, state and nonce; links made by hand."""
