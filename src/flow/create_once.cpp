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

constexpr std::array check_delays{seconds(1), seconds(2), seconds(4)};

std::string ids_of(const std::vector<Connection>& connections) {
    std::string ids;
    for (const auto& connection : connections) {
        ids += "\n  " + connection.id;
    }
    return ids;
}

// The connections created since `began`. The service's time at `began` is the Date of the list less
// the time that has passed, so the offset between the clocks does not matter; Date is truncated to
// the second, so the result is early rather than late. Undated connections are not counted.
std::vector<Connection> created_since(const Found& found, steady_clock::time_point began,
                                      steady_clock::time_point now) {
    std::vector<Connection> created;
    if (!found.answered_at) {
        return created;
    }
    const auto passed = std::chrono::duration_cast<milliseconds>(now - began).count();
    const auto earliest = *found.answered_at - passed;
    for (const auto& connection : found.connections) {
        if (connection.created_at >= earliest && !connection.etag.empty()) {
            created.push_back(connection);
        }
    }
    return created;
}

CreateResult recover(FlowService& service, const std::string& name, const OutcomeUnknown& lost,
                     steady_clock::time_point began, const Clock& clock) {
    std::string seen = "no connection with that name exists yet";
    for (const auto delay : check_delays) {
        if (!clock.pause(delay)) {
            throw lost.with("the run was interrupted before bqconn could look for it");
        }
        Found found;
        try {
            found = find_connections(service, name);
        } catch (const Error& error) {
            if (error.code() == code::interrupted) {
                throw lost.with(error.message());
            }
            seen = "looking for it failed: " + error.message();
            continue;
        }
        const auto created = created_since(found, began, clock.now());
        if (created.size() == 1) {
            return {created.front().id, created.front().etag, Outcome::recovered};
        }
        if (created.size() > 1) {
            throw lost.with("several connections with that name were created in the meantime:" +
                            ids_of(created));
        }
        if (!found.connections.empty()) {
            seen =
                "the connections with that name are older or undated:" + ids_of(found.connections);
        }
    }
    throw lost.with(seen);
}

// The existing connection, if any.
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
                            : "give another --name, or use --if-exists reuse");
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
        case Outcome::updated:
            return "updated";
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
