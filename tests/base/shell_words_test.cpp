#include "base/shell_words.hpp"

#include "base/text.hpp"
#include "support/catch.hpp"
#include "support/message_of.hpp"

using namespace vw;

namespace {

// Words in brackets, commands a line each; "*" behind a word that a shell would expand.
std::string shown(const ShellCommand& command) {
  std::string text;
  for (const ShellWord& word : command) text += "[" + word.text + "]" + (word.is_expanded ? "*" : "");
  return text;
}

std::string read(const std::string& script) {
  std::vector<std::string> lines;
  for (const ShellCommand& command : shell_commands(script, "s.sh")) lines.push_back(shown(command));
  return join(lines, " ; ");
}

std::string message(const std::string& script) {
  return test::message_of([&] { shell_commands(script, "s.sh"); });
}

}  // namespace

TEST_CASE("words are split as a shell splits them", "[base]") {
  CHECK(read("a  b\tc") == "[a][b][c]");
  CHECK(read("a 'b c' \"d e\"f g\\ h ''") == "[a][b c][d ef][g h][]");
  CHECK(read("a \\\n  b \\\r\n c") == "[a][b][c]");
  CHECK(read(R"(a "x\"y\\z\n" 'p\q')") == R"([a][x"y\z\n][p\q])");
  CHECK(read("a # not this\nb#c 'd # e'") == "[a] ; [b#c][d # e]");
  CHECK(read("a;b && c || d | e & (f g)") == "[a] ; [b] ; [c] ; [d] ; [e] ; [f][g]");
  CHECK(read("") == "");
  CHECK(read("# only this") == "");
}

TEST_CASE("what a shell puts in stays as it is and is told", "[base]") {
  CHECK(read("a $B \"${C:-d e}\" $(f g; h) `i j` \"$@\" '$k' \\$l $ $1") ==
        "[a][$B]*[${C:-d e}]*[$(f g; h)]*[`i j`]*[$@]*[$k][$l][$][$1]*");
  CHECK(read("a $(b $(c) d) ${e${f}}") == "[a][$(b $(c) d)]*[${e${f}}]*");
}

TEST_CASE("redirections and here-documents are left out", "[base]") {
  CHECK(read("a b > log 2>&1 < in c") == "[a][b][c]");
  CHECK(read("a >>log 2>/dev/null &") == "[a]");
  CHECK(read("cat <<EOF\nit's open\nEOF\nb") == "[cat] ; [b]");
  CHECK(read("cat <<-'END' > f\n\tx\n\tEND\nb") == "[cat] ; [b]");
  CHECK(read("cat <<EOF\nnever ends") == "[cat]");
}

TEST_CASE("words know their line", "[base]") {
  const auto commands = shell_commands("#!/bin/sh\n\na \\\n  --b 'c\nd' \\\n  --e\ncat <<X\n1\nX\nf", "s.sh");
  REQUIRE(commands.size() == 3);
  CHECK(commands[0][0].line == 3);
  CHECK(commands[0][1].line == 4);
  CHECK(commands[0][2].line == 4);
  CHECK(commands[0][3].line == 6);
  CHECK(commands[2][0].line == 10);
}

TEST_CASE("what is never closed is told by its line", "[base]") {
  CHECK(message("a\nb 'c\nd") == "s.sh: line 2: the quote is never closed, expected its end");
  CHECK(message("a \"b") == "s.sh: line 1: the quote is never closed, expected its end");
  CHECK(message("a \"b\\") == "s.sh: line 1: the quote is never closed, expected its end");
  CHECK(message("a $(b") == "s.sh: line 1: the $(...) is never closed, expected its end");
  CHECK(message("a `b") == "s.sh: line 1: the command in backticks is never closed, expected its end");
  for (const char* odd : {"\\", "<", "<<", ">", "$", ")", "&&&", "<<<", "2>", "a <<'"}) CHECK_NOTHROW(read(odd));
}

TEST_CASE("quoted words know quotes only", "[base]") {
  CHECK(shown(quoted_words("a \"b c\" $D `e` ; # f\n 'g h'", "x")) == "[a][b c][$D][`e`][;][#][f][g h]");
  CHECK(quoted_words("  ", "x").empty());
}
