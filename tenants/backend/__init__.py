"""Django's database engine of Relais: PostgreSQL, touched only inside a scope."""
