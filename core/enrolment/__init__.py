"""How people come to an access: one application, by the ways that the caisse has opened."""
