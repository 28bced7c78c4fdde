"""Where releases are written: DuckDB files in a folder, or schemas of a PostgreSQL database."""
