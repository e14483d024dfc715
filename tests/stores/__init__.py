"""The stores' contracts, on the inline driver, on a SQLite file and on a real MariaDB."""
