"""For people who add facts: documents to text, what a fragment says, checks and proofs."""
