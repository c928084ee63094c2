"""The questionnaire as its reader sees it, and its results for programs."""
