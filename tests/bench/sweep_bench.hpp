#pragma once

namespace vw::bench {

// Prints what sweeps cost on one thread, opening the parts for every card included.
void measure_sweeps();

}  // namespace vw::bench
