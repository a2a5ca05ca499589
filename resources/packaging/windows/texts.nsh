; The texts of the installer that are its own, in the four languages of the program.

LangString StartWithComputer ${LANG_ENGLISH} "Start with the computer"
LangString StartWithComputer ${LANG_DUTCH} "Starten met de computer"
LangString StartWithComputer ${LANG_SWEDISH} "Starta med datorn"
LangString StartWithComputer ${LANG_FINNISH} "Käynnistä koneen mukana"

LangString AboutProgram ${LANG_ENGLISH} "The program and its entry in the start menu."
LangString AboutProgram ${LANG_DUTCH} "Het programma en zijn plaats in het startmenu."
LangString AboutProgram ${LANG_SWEDISH} "Programmet och dess plats på startmenyn."
LangString AboutProgram ${LANG_FINNISH} "Ohjelma ja sen paikka Käynnistä-valikossa."

LangString AboutAutostart ${LANG_ENGLISH} "Opens Loonbrug when you sign in, so that what is due is sent by itself."
LangString AboutAutostart ${LANG_DUTCH} "Opent Loonbrug zodra u zich aanmeldt, zodat vanzelf wordt verzonden wat aan de beurt is."
LangString AboutAutostart ${LANG_SWEDISH} "Öppnar Loonbrug när du loggar in, så att det som står på tur skickas av sig självt."
LangString AboutAutostart ${LANG_FINNISH} "Avaa Loonbrugin, kun kirjaudut sisään, jotta vuorossa olevat lähetykset lähtevät itsestään."

LangString StillOpen ${LANG_ENGLISH} "Loonbrug is still open. Close it, also beside the clock, and choose Retry."
LangString StillOpen ${LANG_DUTCH} "Loonbrug is nog geopend. Sluit het, ook naast de klok, en kies Opnieuw."
LangString StillOpen ${LANG_SWEDISH} "Loonbrug är fortfarande öppet. Stäng det, även bredvid klockan, och välj Försök igen."
LangString StillOpen ${LANG_FINNISH} "Loonbrug on vielä auki. Sulje se, myös kellon vierestä, ja valitse Yritä uudelleen."

LangString TooOld ${LANG_ENGLISH} "Loonbrug needs Windows 10 or newer."
LangString TooOld ${LANG_DUTCH} "Loonbrug heeft Windows 10 of nieuwer nodig."
LangString TooOld ${LANG_SWEDISH} "Loonbrug kräver Windows 10 eller senare."
LangString TooOld ${LANG_FINNISH} "Loonbrug tarvitsee Windows 10:n tai uudemman."

LangString KeepData ${LANG_ENGLISH} "Keep your data (accounts, mappings, and the proof of what was booked)?$\r$\n$\r$\nWith No it is deleted for good: ${DATA}"
LangString KeepData ${LANG_DUTCH} "Uw gegevens bewaren (accounts, mappings en de bewijzen van wat is geboekt)?$\r$\n$\r$\nBij Nee worden ze voorgoed verwijderd: ${DATA}"
LangString KeepData ${LANG_SWEDISH} "Vill du behålla dina data (konton, mappningar och kvittenser på det som bokförts)?$\r$\n$\r$\nMed Nej raderas de för gott: ${DATA}"
LangString KeepData ${LANG_FINNISH} "Säilytetäänkö tiedot (käyttäjätilit, kytkennät ja kuittaukset kirjatuista)?$\r$\n$\r$\nJos valitset Ei, ne poistetaan lopullisesti: ${DATA}"
