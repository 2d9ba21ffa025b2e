// cli: Ctrl-C while something goes on for as long as the user likes.
#pragma once

namespace vw::cli {

// Thrown where an interrupt ends the work: nothing was wrong.
struct Interrupted {};

// From now on SIGINT and SIGTERM are only noted; a second one ends the program as ever. One at a time may live.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  bool has_come() const;
  // Waits; false when an interrupt came before the time was over.
  bool wait(double seconds) const;
};

}  // namespace vw::cli
