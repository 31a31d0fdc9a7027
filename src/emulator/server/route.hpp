// A route of the emulator: a method and a path, the checks before it, and what answers it. Each
// service adds its routes in its own file.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "emulator/server/message.hpp"

namespace bqconn::emulator {

struct Options;
struct Sandbox;
struct Google;
struct Dataflows;
class Store;

// The checks made before the handler is called.
enum class Access {
    open,     // nothing: IMS and Google
    gateway,  // token, api key, organisation
    sandbox,  // the same, and the sandbox
};

// A request that has passed its checks, and the state that it may read and change.
struct Call {
    const Request& request;
    const Options& options;
    Store& store;
    Google& google;
    Dataflows& dataflows;
    std::vector<std::string> captures = {};  // the match for each {} of the path, decoded
    std::string client = {};                 // empty for Access::open
    const Sandbox* sandbox = nullptr;        // not null for Access::sandbox
};

struct Route {
    std::string endpoint;  // "GET /connections/{}/test": {} is one non-empty segment
    Access access = Access::sandbox;
    std::function<Answer(const Call& call)> handler;  // throws Refused
};

using Routes = std::vector<Route>;

}  // namespace bqconn::emulator
