"""Tests of a real server on real ports, asked by a client that is not ours."""
