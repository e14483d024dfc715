"""Files on the disk, and the process that looks at pictures."""
