"""The citizens' face: the first page, filing, following, answering, adding, their own details, the questionnaire."""
