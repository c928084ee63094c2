"""Officers: who may do what, the worklist, changing a status, asking the reporter."""
