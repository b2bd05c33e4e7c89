/**
 * What is tried first: the heads of the lists of leaked passwords that security researchers publish each year, and the
 * words of this product. Compared in lower case, also without digits at the end.
 */
export const commonPasswords: ReadonlySet<string> = new Set(
  `password passw0rd p@ssword p@ssw0rd pass1234 1234567 12345678 123456789 1234567890 0123456789 123123123 87654321
987654321 11111111 111111111 00000000 88888888 66666666 12341234 11223344 112233445566 12121212 123321123 1q2w3e4r
1q2w3e4r5t 1qaz2wsx zaq12wsx qazwsxedc qwerty qwerty12 qwertyui qwertyuiop qwerty123 qweasdzxc asdfghjk asdfghjkl
zxcvbnm zxcvbnm1 asdf1234 qwer1234 abcd1234 abc12345 abcdefgh abcdefg1 a1b2c3d4 aa123456 a1234567 admin administrator
admin123 root toor letmein letmein1 welcome welcome1 login master monkey dragon sunshine princess football baseball
basketball superman batman spiderman pokemon starwars iloveyou trustno1 whatever computer internet michael jennifer
jessica michelle charlie jordan23 hunter2 shadow killer pepper ginger cookie chocolate cheese banana orange purple
summer winter spring autumn monday friday liverpool chelsea arsenal barcelona juventus manchester ferrari mercedes
corvette mustang harley yankees cowboys eagles lakers samsung google facebook linkedin minecraft fortnite nintendo
playstation secret changeme default guest temp temporary testtest test1234 tester demo1234 passport freedom blessed
jesus jesus1 angel angels lovely loveme lovers forever flower butterfly rainbow diamond tinkerbell snoopy garfield
mickey mouse elephant tigger cowboy soccer hockey tennis golfer swimming thomas robert daniel andrew joshua matthew
anthony william richard joseph george hannah ashley amanda nicole samantha elizabeth victoria alexander benjamin
passwort kennwort hallo123 schatz motdepasse azerty azertyui azertyuiop bonjour soleil doudou contrasena contraseña
teamo123 tequiero estrella senha123 mudar123 ciaociao juventus1 amoremio wachtwoord welkom01 haslo123 polska qwertz
qwertzui qwertzuiop fairframe fairframe1 video videos studio studio123 storyboard`.split(/\s+/),
)
