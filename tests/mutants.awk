# SPDX-License-Identifier: GPL-2.0
# What can be changed in the functions of a C file, in kernel style: for each change the
# number of the line, and a command of sed. A condition is always or never true, && is ||,
# == is !=, < is <=, a returned truth is its opposite, a statement is gone. In tables a text
# is gone, or what is set.
function change(what) { print NR, what }

# Each place of the line that has one of these instead of the other
function swap(from, to,    i, nr)
{
	nr = split($0, parts, " " from " ") - 1
	gsub(/\\/, "", from)
	gsub(/&/, "\\\\&", to)
	for (i = 1; i <= nr; i++)
		change("s/ " from " / " to " /" i)
}

/^\{/ { inside = 1 }
/^\}/ { inside = 0 }
!inside && /^\t/ && !/\\n"/ {
	nr = gsub(/"[^"]*"/, "&")
	for (i = 1; i <= nr; i++)
		change("s/\"[^\"]*\",\\{0,1\\}//" i)
}
!inside && /^\t+\..*,$/ { change("s/[^\t].*//") }
!inside { next }
/^\t+(\} )?(else )?if \(.*\)( \{)?$/ {
	change("s/if (\\(.*\\))/if (0 \\&\\& (\\1))/")
	change("s/if (\\(.*\\))/if (1 || (\\1))/")
}
{
	swap("&&", "||")
	swap("\\|\\|", "&&")
	swap("==", "!=")
	swap("!=", "==")
	swap(">", ">=")
	swap(">=", ">")
	swap("<=", "<")
}
# One step too far in a loop is for the sanitizers to find
!/^\t+for \(/ { swap("<", "<=") }
/^\t+return true;$/ { change("s/true/false/") }
/^\t+return false;$/ { change("s/false/true/") }
# A statement of one line, and no declaration
/^\t+[^\t].*;$/ && !/^\t+return/ && before ~ /([;{}:)]|else|\*\/|^)$/ {
	change("s/[^\t].*;$/;/")
}
{ before = $0 }
