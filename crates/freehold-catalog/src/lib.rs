//! What is known about open models, their licences, hardware and prices: facts with source and date.
