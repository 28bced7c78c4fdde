"""The commission's survey: questionnaires as data, their templates, and the way of an answered file into a release."""
