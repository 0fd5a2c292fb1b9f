"""The platform's shared rooms, one package per rung of the ladder in docs/architecture.md."""
