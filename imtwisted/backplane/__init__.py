"""How what was committed reaches the registries: of one node, or of many."""
