"""xingnuo: a consumer-finance platform whose privacy policy is a program.

Every row about a person carries `subject_id`. Every personal value is a vault reference. Every
step that touches either holds a `Permit`.
"""
