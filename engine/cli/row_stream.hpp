// cli: rows as they are found, one a line, to standard output or a file that is complete or not there.
#pragma once

#include "cli/arguments.hpp"
#include "cli/interrupt.hpp"
#include "search/findings.hpp"

#include <cstdio>
#include <optional>
#include <string>

namespace vw::cli {

class RowStream {
 public:
  // Throws vw::Error when --output cannot be written.
  explicit RowStream(const Arguments& arguments);
  RowStream(const RowStream&) = delete;
  RowStream& operator=(const RowStream&) = delete;
  ~RowStream();

  // Throws Interrupted once Ctrl-C came while a file is written: nothing of it stays.
  void write(const std::string& text);
  // All is written: the file gets its name.
  void finish();

 private:
  std::string path_;  // empty: standard output
  std::FILE* file_;
  std::optional<Interrupt> interrupt_;  // while a file is written
};

}  // namespace vw::cli
