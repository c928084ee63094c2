"""The answer to who is there: DigiD and staff login (OpenID Connect), sessions, access tokens, the BSN and its pseudonym."""
