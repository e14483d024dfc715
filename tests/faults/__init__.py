"""
Faults on the real thing: processes killed, sockets cut, disks filled, readers that never read.

A real ``twistd`` with a real database, clients that talk all the time, and an
oracle of every acknowledged message. ``python -m tests.faults --help`` runs it
for as long as one likes.
"""
