"""
The load generator: one process on one core that plays every client.

It runs in the environment of `requirements.txt`. `spoken`, `talk`, `figures`,
`conditions` and `wording` do no I/O; the lines and the works do.
"""
