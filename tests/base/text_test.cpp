#include "support/catch.hpp"

#include "base/text.hpp"

using Strings = std::vector<std::string>;

TEST_CASE("words are quoted, folded, trimmed, split and joined", "[base]") {
  CHECK(vw::quote("a b") == "'a b'");
  CHECK(vw::lower("Llama-3.1 \xC3\x84") == "llama-3.1 \xC3\x84");
  CHECK(vw::trimmed(" \t a b\r\n") == "a b");
  CHECK(vw::trimmed(" \n") == "");
  CHECK(vw::split("a,,b,", ',') == Strings{"a", "", "b", ""});
  CHECK(vw::split("", ',') == Strings{""});
  CHECK(vw::join({"a", "b"}, " + ") == "a + b");
  CHECK(vw::join({}, ",") == "");
}

TEST_CASE("alternatives are joined with commas and a last or", "[base]") {
  CHECK(vw::join_or({}) == "");
  CHECK(vw::join_or({"a"}) == "a");
  CHECK(vw::join_or({"a", "b"}) == "a or b");
  CHECK(vw::join_or({"a", "b", "c"}) == "a, b or c");
}

TEST_CASE("the edit distance counts a swap of neighbours as one and ignores case", "[base]") {
  CHECK(vw::edit_distance("", "") == 0);
  CHECK(vw::edit_distance("", "abc") == 3);
  CHECK(vw::edit_distance("lama", "llama") == 1);
  CHECK(vw::edit_distance("LLAMA", "llama") == 0);
  CHECK(vw::edit_distance("lalma", "llama") == 1);
  CHECK(vw::edit_distance("kitten", "sitting") == 3);
  CHECK(vw::edit_distance("ca", "abc") == 3);  // restricted: no edit within a swapped pair
}

TEST_CASE("a mistyped name is suggested, an unrelated one is not", "[base]") {
  const Strings flags{"pipeline-parallel-size", "tensor-parallel-size", "max-model-len", "model"};
  CHECK(vw::did_you_mean("tensor-paralel-size", flags) == "did you mean 'tensor-parallel-size'?");
  CHECK(vw::did_you_mean("llama", {"llama", "gemma", "mamba"}) == "did you mean 'llama'?");
  CHECK(vw::did_you_mean("memry_mib", {"memory_mib", "name"}) == "did you mean 'memory_mib'?");
  CHECK(vw::did_you_mean("quantum", {"llama", "gemma"}) == "");
  CHECK(vw::did_you_mean("x", {"y", "z"}) == "");
  CHECK(vw::did_you_mean("", flags) == "");
  CHECK(vw::did_you_mean("fp9", {"fp4", "fp8", "bf16"}) == "did you mean 'fp4' or 'fp8'?");
}

TEST_CASE("names that continue the word are near, the nearest first and each once", "[base]") {
  const Strings names{"qwen3-moe", "qwen3", "qwen3", "qwen2", "llama"};
  CHECK(vw::nearest("qwen3", names) == Strings{"qwen3", "qwen2", "qwen3-moe"});
  CHECK(vw::nearest("QWEN3", names, 1) == Strings{"qwen3"});
  CHECK(vw::nearest("compressed", {"compressed-tensors"}) == Strings{"compressed-tensors"});
}

TEST_CASE("words for a shell are quoted only when they need it", "[base]") {
  CHECK(vw::shell_quoted("meta-llama/Llama-3.1-8B") == "meta-llama/Llama-3.1-8B");
  CHECK(vw::shell_quoted("--gpu-memory-utilization=0.9") == "--gpu-memory-utilization=0.9");
  CHECK(vw::shell_quoted("") == "''");
  CHECK(vw::shell_quoted("a b") == "'a b'");
  CHECK(vw::shell_quoted("it's") == R"('it'\''s')");
  CHECK(vw::shell_quoted(R"({"method":"ngram"})") == R"('{"method":"ngram"}')");
  CHECK(vw::shell_quoted("~/models") == "'~/models'");
  CHECK(vw::shell_quoted("$HOME\n") == "'$HOME\n'");
}

TEST_CASE("ids are small letters and digits in pieces", "[base]") {
  for (const char* id : {"awq", "fp8_e4m3", "0.21.0", "nvidia-h100-sxm", "a"}) CHECK(vw::is_id(id));
  for (const char* id : {"", "-a", "a-", "a--b", "a.-b", "A", "a b", "a/b", "..", "\xC3\xA4"})
    CHECK_FALSE(vw::is_id(id));
}

TEST_CASE("places in a text are told in lines and characters", "[base]") {
  const std::string text = "ab\n\xC3\xA4\xE2\x82\xACx\n";
  CHECK(vw::line_and_column(text, 0) == "line 1 column 1");
  CHECK(vw::line_and_column(text, 2) == "line 1 column 3");
  CHECK(vw::line_and_column(text, 3) == "line 2 column 1");
  CHECK(vw::line_and_column(text, 8) == "line 2 column 3");
  CHECK(vw::line_and_column(text, 1000) == "line 3 column 1");
  CHECK(vw::line_and_column("", 0) == "line 1 column 1");
}

TEST_CASE("malformed UTF-8 is found where it begins", "[base]") {
  CHECK(vw::is_utf8("a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80"));
  CHECK(vw::is_utf8(""));
  CHECK_FALSE(vw::is_utf8("\xC0\xAF"));          // overlong
  CHECK_FALSE(vw::is_utf8("\xE0\x80\xAF"));      // overlong
  CHECK_FALSE(vw::is_utf8("\xED\xA0\x80"));      // surrogate
  CHECK_FALSE(vw::is_utf8("\xF4\x90\x80\x80"));  // above U+10FFFF
  CHECK_FALSE(vw::is_utf8("\xC3"));              // cut off
  CHECK_FALSE(vw::is_utf8("\x80"));
  CHECK(vw::utf8_prefix_bytes("ab\xC3\xA4\xFFz") == 4);
}

TEST_CASE("quoted words cannot control the terminal", "[base]") {
  CHECK(vw::quote("a\x1B[31mb\n") == "'a?[31mb?'");
  CHECK(vw::quote("\xFF\xC3\xA4") == "'?\xC3\xA4'");
  CHECK(vw::quote(std::string(300, 'x')) == "'" + std::string(197, 'x') + "...'");
  CHECK(vw::did_you_mean("llama", {"lla\x1Bma"}) == "did you mean 'lla?ma'?");
}

TEST_CASE("echoed input cannot control the terminal and is cut between characters", "[base]") {
  CHECK(vw::printable("a\x1B[31m\n\t\x7F") == "a?[31m???");
  CHECK(vw::printable("\xC2\x9B\xE2\x80\xAE") == "??");  // a one-character escape, a turn of direction
  CHECK(vw::printable("\xC3\xA4\xFF") == "\xC3\xA4?");
  CHECK(vw::printable("abcdefgh", 8) == "abcdefgh");
  CHECK(vw::printable("abcdefghi", 8) == "abcde...");
  CHECK(vw::printable("abcd\xC3\xA4xyz", 8) == "abcd...");
  CHECK(vw::printable("abc", 2) == "..");
}
