"""
How fast the server is, measured beside what people would use instead.

``python -m benchmarks`` runs it all. The load generator in `generator` lives in
an environment of its own and knows nothing of the server but its protocol.
"""
