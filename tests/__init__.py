"""The tests mirror the code: unit without a database, integration on PostgreSQL, journeys in a browser."""
