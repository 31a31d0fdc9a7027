// The sockets that a server has accepted. The HTTP library does not expose them, so they are found
// among this process's descriptors by port.
#pragma once

#include <cstdint>

namespace bqconn::emulator {

// Resets the connection from `local_port` to `peer_port`: sends a RST at once and discards later
// writes.
void reset_connection(std::uint16_t local_port, std::uint16_t peer_port);

// Shuts down every connection to `local_port`: threads that wait for a request wake up.
void end_connections(std::uint16_t local_port);

}  // namespace bqconn::emulator
