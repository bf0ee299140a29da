package io.jollyboat.server.http.turns;

/**
 * Between how many seats a priority level may have.
 *
 * @param nominal its share of all seats
 * @param least what it keeps when it lends all that it may lend
 * @param most what it has when it borrows all that it may borrow
 */
record Limits(int nominal, int least, int most) {}
