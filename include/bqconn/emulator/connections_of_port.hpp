// The sockets that a server has accepted. The HTTP library gives no way to them, so they are found
// among this process's descriptors by their ports.
#pragma once

#include <cstdint>

namespace bqconn::emulator {

// Resets the connection between our `local_port` and the peer's `peer_port`: a RST leaves at once,
// and what is written afterwards goes nowhere.
void reset_connection(std::uint16_t local_port, std::uint16_t peer_port);

// Ends the reading side of every connection to our `local_port`: idle ones close, and requests that
// are being answered still get their answer.
void end_reading(std::uint16_t local_port);

}  // namespace bqconn::emulator
