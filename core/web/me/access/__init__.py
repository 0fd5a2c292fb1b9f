"""One's own places in companies: what one may do there, who stands in, what one asks for."""
