// The sockets that a server has accepted. The HTTP library gives no way to them, so they are found
// among this process's descriptors by their ports.
#pragma once

#include <cstdint>

namespace bqconn::emulator {

// Resets the connection between our `local_port` and the peer's `peer_port`: a RST leaves at once,
// and what is written afterwards goes nowhere.
void reset_connection(std::uint16_t local_port, std::uint16_t peer_port);

// Ends every connection to our `local_port`: threads that wait for its next request wake up.
void end_connections(std::uint16_t local_port);

}  // namespace bqconn::emulator
