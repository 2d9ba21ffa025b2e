// cli: rows as they are found, one a line, to standard output or a file that is complete or not there.
#pragma once

#include "cli/arguments.hpp"
#include "search/findings.hpp"

#include <cstdio>
#include <string>

namespace vw::cli {

class RowStream {
 public:
  // Throws vw::Error when --output cannot be written.
  explicit RowStream(const Arguments& arguments);
  RowStream(const RowStream&) = delete;
  RowStream& operator=(const RowStream&) = delete;
  ~RowStream();

  void write(const std::string& text);
  // All is written: the file gets its name.
  void finish();

 private:
  std::string path_;  // empty: standard output
  std::FILE* file_;
};

}  // namespace vw::cli
