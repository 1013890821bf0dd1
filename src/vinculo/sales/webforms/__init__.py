"""Forms on the company's own sites by which anybody becomes a lead; nobody is signed in there."""
