#include "bqconn/flow/create_once.hpp"

#include <array>
#include <chrono>
#include <vector>

#include "bqconn/core/error.hpp"
#include "bqconn/flow/connections.hpp"
#include "bqconn/flow/create.hpp"

namespace bqconn::flow {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr std::array look_again_after{seconds(1), seconds(2), seconds(4)};

std::string ids_of(const std::vector<Connection>& connections) {
    std::string ids;
    for (const auto& connection : connections) {
        ids += "\n  " + connection.id;
    }
    return ids;
}

// What was created, by the service's clock, since `began` by ours. The service's time at `began` is
// the one it gave with the list less what has passed since: its Date is cut to the second, so this
// is early rather than late, and the difference of the two clocks does not matter. What cannot be
// dated is not counted.
std::vector<Connection> created_since(const Found& found, steady_clock::time_point began,
                                      steady_clock::time_point now) {
    std::vector<Connection> ours;
    if (!found.answered_at) {
        return ours;
    }
    const auto passed = std::chrono::duration_cast<milliseconds>(now - began).count();
    const auto earliest = *found.answered_at - passed;
    for (const auto& connection : found.connections) {
        if (connection.created_at >= earliest && !connection.etag.empty()) {
            ours.push_back(connection);
        }
    }
    return ours;
}

CreateResult recover(FlowService& service, const std::string& name, const OutcomeUnknown& lost,
                     steady_clock::time_point began, const Clock& clock) {
    std::string seen = "it was looked for by its name and is not there, so far";
    for (const auto delay : look_again_after) {
        if (!clock.pause(delay)) {
            throw lost.with("the run was stopped before it could be looked for");
        }
        Found found;
        try {
            found = find_connections(service, name);
        } catch (const Error& error) {
            if (error.code() == "interrupted") {
                throw lost.with(error.message());
            }
            seen = "looking for it failed: " + error.message();
            continue;
        }
        const auto ours = created_since(found, began, clock.now());
        if (ours.size() == 1) {
            return {ours.front().id, ours.front().etag, Outcome::recovered};
        }
        if (ours.size() > 1) {
            throw lost.with("several connections of that name were created meanwhile:" +
                            ids_of(ours));
        }
        if (!found.connections.empty()) {
            seen = "the connections of that name are older, or cannot be dated:" +
                   ids_of(found.connections);
        }
    }
    throw lost.with(seen);
}

// The connection that exists already, where that matters.
std::optional<CreateResult> existing(FlowService& service, const std::string& name,
                                     IfExists if_exists) {
    const Found found = find_connections(service, name);
    if (found.connections.empty()) {
        return std::nullopt;
    }
    const bool several = found.connections.size() > 1;
    if (if_exists == IfExists::error || several) {
        throw Error(ExitCode::conflict, several ? "conflict.several_exist" : "conflict.exists",
                    std::string(several ? "connections" : "a connection") + " named \"" + name +
                        "\" exist" + (several ? "" : "s") + " in sandbox " +
                        service.access().sandbox_name + ":" + ids_of(found.connections),
                    several ? "delete or rename all but one, or give another --name"
                            : "give another --name, or --if-exists reuse to go on with it");
    }
    const Connection& one = found.connections.front();
    if (one.etag.empty()) {
        throw Error(ExitCode::bad_response, "bad_response.list",
                    "the connection " + one.id + " was listed without an etag",
                    "run it again later");
    }
    return CreateResult{one.id, one.etag, Outcome::existing};
}

}  // namespace

std::optional<IfExists> parse_if_exists(std::string_view word) {
    if (word == "new") {
        return IfExists::create;
    }
    if (word == "error") {
        return IfExists::error;
    }
    return word == "reuse" ? std::optional(IfExists::reuse) : std::nullopt;
}

std::string_view name_of(Outcome outcome) {
    switch (outcome) {
        case Outcome::created:
            return "created";
        case Outcome::existing:
            return "existing";
        case Outcome::recovered:
            return "recovered";
    }
    return "";
}

CreateResult create_once(FlowService& service, const connection::BaseConnection& connection,
                         const CreateOptions& options, const Clock& clock) {
    if (options.if_exists != IfExists::create) {
        if (const auto found = existing(service, connection.name, options.if_exists)) {
            return *found;
        }
    }
    const auto began = clock.now();
    try {
        const Stored stored = create(service, connection);
        return {stored.id, stored.etag, Outcome::created};
    } catch (const OutcomeUnknown& lost) {
        if (!options.recover || lost.interrupted()) {
            throw;
        }
        return recover(service, connection.name, lost, began, clock);
    }
}

}  // namespace bqconn::flow
