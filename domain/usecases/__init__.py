"""What people and the loop do: one file, one public function, one transaction.

Every use case of a person takes keyword arguments: `actor` (identity only), `uow` (a unit-of-work factory of the
actor's organisation), `clock` and `rulebook`. Who the actor is now, what they may do and what they see is read from
the rows each time. An expected “no” is returned as `Refused`, so that what was audited about it commits.
"""
