"""The rivals' applications, as their own documents have a user write them for these very tables.

Each is a WSGI application `app` of its own, over the database that `BENCH_URL` names, and `sign_in`, which
tells the cookies of somebody signed in. Neither knows scope, history, versions or masking: their pages do
less than ours. Where their documents leave a choice, they were given what is quicker (docs/decisions/0031).
"""
