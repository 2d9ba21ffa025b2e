#include "support/catch.hpp"

#include "base/error.hpp"

using vw::Error;

TEST_CASE("an error reads as where, then message", "[base]") {
  const Error error("config.json", "is empty, expected an object", "download it again");
  CHECK(std::string(error.what()) == "config.json: is empty, expected an object");
  CHECK(error.where() == "config.json");
  CHECK(error.message() == "is empty, expected an object");
  CHECK(error.hint() == "download it again");
  CHECK(error.kind() == Error::Kind::user);
}

TEST_CASE("an error without a place is its message alone", "[base]") {
  CHECK(std::string(Error("", "no plan").what()) == "no plan");
}

TEST_CASE("context is put in front, outermost first, and the rest of the error is kept", "[base]") {
  const Error inner = Error("llama.lua:14", "bad index", "look there").with_traceback("stack");
  const Error outer = inner.within("family 'llama'").within("planning for 'org/model'");
  CHECK(std::string(outer.what()) == "planning for 'org/model': family 'llama': llama.lua:14: bad index");
  CHECK(outer.hint() == "look there");
  CHECK(outer.traceback() == "stack");
  CHECK(std::string(Error("", "bad index").within("llama").what()) == "llama: bad index");
  CHECK(std::string(inner.within("").what()) == "llama.lua:14: bad index");
}

TEST_CASE("a broken invariant is an internal error and stays one in context", "[base]") {
  const Error error = Error::internal("row 3 has no owner");
  CHECK(std::string(error.what()) == "internal: row 3 has no owner");
  CHECK(error.kind() == Error::Kind::internal);
  CHECK(error.within("sweep").kind() == Error::Kind::internal);
}

TEST_CASE("an error written as text is read back whole", "[base]") {
  const Error error("part", "first line\nsecond line", "try again");
  CHECK(vw::describe(error) == "part: first line\nsecond line\nhint: try again");
  const Error back = vw::error_from_text("plugin", vw::describe(error));
  CHECK(back.where() == "plugin");
  CHECK(back.message() == "part: first line\nsecond line");
  CHECK(back.hint() == "try again");
  CHECK(vw::describe(vw::error_from_text("plugin", "no hint here")) == "plugin: no hint here");
}
