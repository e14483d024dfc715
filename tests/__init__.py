"""The tests; `kit` has what they share, `mariadb` and `process` the real things."""
