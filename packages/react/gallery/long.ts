/** As long as somebody will surely make it one day. */
export const long = 'A name of eighty characters, as somebody will surely choose it for a plugin one day'
