"""The answers of API Gateway itself, when a request never reaches the app: the local stage says the same, word for word."""
