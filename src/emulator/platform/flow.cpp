// Flow Service: what a flow may contain, and what a PATCH may change.
#include <algorithm>
#include <array>
#include <string>

#include "emulator/platform/dataflows.hpp"
#include "emulator/platform/lake.hpp"
#include "emulator/platform/mapping.hpp"

namespace bqconn::emulator {
namespace {

// --- The schedule

struct Frequency {
    std::string_view word;
    std::int64_t milliseconds;
    std::int64_t smallest_interval = 1;
};

constexpr std::int64_t one_minute = 60'000;
constexpr std::array frequencies{
    Frequency{"once", 0}, Frequency{"minute", one_minute, 15}, Frequency{"hour", 60 * one_minute},
    Frequency{"day", 24 * 60 * one_minute}, Frequency{"week", 7 * 24 * 60 * one_minute}};

bool lenient_boolean(const Json& params, const char* name, bool fallback) {
    if (!params.contains(name)) {
        return fallback;
    }
    const Json& value = params.at(name);
    if (value != "true" && value != "false" && !value.is_boolean()) {
        throw invalid_body("scheduleParams." + std::string(name) + " must be a boolean");
    }
    return value == "true" || value == true;
}

// Clients send the present second, by their own clock.
void check_start(const Schedule& schedule, const Call& call) {
    constexpr std::int64_t margin = one_minute;
    refuse_if(schedule.start < call.store.now() - margin, "1360-400",
              "The startTime of the schedule is in the past.");
}

void check_schedule_change(const Json& before, const Json& after, const Call& call) {
    const Schedule old = read_schedule(before.at("scheduleParams"));
    const Schedule changed = read_schedule(after.at("scheduleParams"));
    const bool has_started = old.start <= flow_time(before, call);
    refuse_if(old.start != changed.start && has_started, "1366-400",
              "The startTime cannot be changed: the flow has already started.");
    if (old.start != changed.start) {
        check_start(changed, call);
    }
    refuse_if(old.interval != 0 && changed.interval == 0 && has_started, "1403-400",
              "The frequency cannot become once: the flow has already started.");
    refuse_if(old.backfill != changed.backfill, "1404-400",
              "The backfill of the schedule cannot be changed.");
}

// --- The connections

// The one connection whose id is in `field`.
ResourcePointer only_connection(const Json& flow, const std::string& field, Kind kind,
                                const Call& call) {
    refuse_if(!flow.contains(field), "1320-400", "The list " + field + " is missing.");
    const Json& ids = flow.at(field);
    refuse_if(ids.size() != 1, "1321-400", "The list " + field + " must have exactly one id.");
    if (!ids.front().is_string()) {
        throw invalid_body(field + " must be an array of ids");
    }
    return find_resource(call, kind, ids.front(), 400);
}

Json inherited(const Json& connection) {
    Json shown = connection.value("inheritedAttributes", Json::object());
    shown.update(
        {{"id", connection.at("id")}, {"connectionSpec", connection.at("connectionSpec")}});
    return shown;
}

// --- Transformations and options

void check_copy(const Json& flow, const Schedule& schedule) {
    const bool once = schedule.interval == 0;
    refuse_if(once && find_transformation(flow, "Copy"), "1369-400",
              "A delta column is not allowed for a flow with the frequency once.");
    const Json& delta = json::member(transformation_params(flow, "Copy"), "deltaColumn");
    refuse_if(!once && json::string_at(delta, "name").empty(), "1367-400",
              "The delta column is missing: Copy must have params.deltaColumn.name.");
}

void check_mapping(const Json& flow, const Json& target, const Call& call) {
    refuse_if(!find_transformation(flow, "Mapping"), "1370-400",
              "The mapping transformation is missing.");
    const Json& params = transformation_params(flow, "Mapping");
    const std::string id = json::string_at(params, "mappingId");
    refuse_if(id.empty(), "1392-400", "The mapping transformation has no params.mappingId.");
    const Json mapping_set = mapping_set_of(flow, call);
    refuse_if(mapping_set.is_null(), "1419-400", "The mapping set " + id + " was not found.");
    const auto version = lenient_integer(params.value("mappingVersion", Json(0)));
    refuse_if(!version || *version < 0 || *version > mapping_set.at("version"), "1412-400",
              "The mappingVersion of the mapping transformation is invalid.");
    const std::string schema = target.at("data").at("schema").at("id");
    refuse_if(mapped_schema_id(mapping_set) != schema, "1425-400",
              "The schema of the mapping set is not the schema of the dataset.");
    const Mapping mapping(mapping_set, find_full_schema(call.store, *call.sandbox, schema));
    for (const auto& finding : mapping.findings()) {
        refuse_if(!finding.empty(), "1419-400", "The mapping set is not valid: " + finding);
    }
}

void check_options(const Json& options) {
    const Json percent = options.value("partialIngestionPercent", Json(100));
    if (!percent.is_number() || percent <= 0 || percent > 100) {
        throw invalid_body(
            "options.partialIngestionPercent must be a number above 0 and at most 100");
    }
    if (!options.value("errorDiagnosticsEnabled", Json(false)).is_boolean()) {
        throw invalid_body("options.errorDiagnosticsEnabled must be a boolean");
    }
}

void complete_flow(Json& flow, const Call& call) {
    const auto before = call.store.find(Kind::flow, *call.sandbox, flow.at("id"));
    if (!before) {
        refuse_mode(call);
        refuse_if(json::parse_or_null(call.request.body).contains("state"), "1410-400",
                  "The state cannot be given in the request.");
    }
    check_flow_spec(flow.at("flowSpec").at("id"), 400);
    flow["flowSpec"].emplace("version", "1.0");
    const auto source = only_connection(flow, "sourceConnectionIds", Kind::source_connection, call);
    const auto target = only_connection(flow, "targetConnectionIds", Kind::target_connection, call);
    const Schedule schedule = read_schedule(flow.at("scheduleParams"));
    if (before) {
        check_schedule_change(*before, flow, call);
    } else {
        check_start(schedule, call);
    }
    check_mapping(flow, *target, call);
    check_copy(flow, schedule);
    check_options(flow.value("options", Json::object()));
    flow["inheritedAttributes"] = {{"properties", {{"isSourceFlow", true}}},
                                   {"sourceConnections", Json::array({inherited(*source)})},
                                   {"targetConnections", Json::array({inherited(*target)})}};
    if (!before) {
        flow["state"] = "enabling";
        flow["runs"] = "/runs?property=flowId==" + flow.at("id").get<std::string>();
    }
}

}  // namespace

void refuse_mode(const Call& call) {
    refuse_if(!parameter(call.request.query, "mode").empty(), "1368-400",
              "Mode is not allowed: the emulator has no drafts.");
}

std::optional<std::int64_t> lenient_integer(const Json& value) {
    return value.is_number_integer() ? std::optional(value.get<std::int64_t>())
           : value.is_string()       ? whole_number<std::int64_t>(value.get<std::string>())
                                     : std::nullopt;
}

Schedule read_schedule(const Json& params) {
    constexpr std::int64_t most = 1'000'000'000'000;  // no overflow in milliseconds
    const auto start = lenient_integer(json::member(params, "startTime"));
    if (!start || *start < 0 || *start > most) {
        throw invalid_body("scheduleParams.startTime must be a time in epoch seconds");
    }
    const auto* const frequency =
        std::ranges::find(frequencies, json::string_at(params, "frequency"), &Frequency::word);
    refuse_if(frequency == frequencies.end(), "1397-400",
              "The frequency must be one of: once, minute, hour, day, week.");
    const bool once = frequency->milliseconds == 0;
    refuse_if(once && params.contains("interval"), "1361-400",
              "An interval is not allowed for the frequency once.");
    refuse_if(once && params.contains("backfill"), "1364-400",
              "The backfill is not allowed for the frequency once.");
    const auto interval = lenient_integer(json::member(params, "interval"));
    refuse_if(!once && (!interval || *interval > most / one_minute), "1363-400",
              "The frequency requires an interval, a whole number.");
    refuse_if(!once && *interval < frequency->smallest_interval, "1362-400",
              "The interval must be at least " + std::to_string(frequency->smallest_interval) +
                  " for the frequency " + std::string(frequency->word) + ".");
    constexpr std::int64_t second = 1000;
    return {.start = *start * second,
            .interval = once ? 0 : *interval * frequency->milliseconds,
            .backfill = lenient_boolean(params, "backfill", true)};
}

std::optional<std::size_t> find_transformation(const Json& flow, std::string_view name) {
    const Json& all = json::array_at(flow, "transformations");
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (json::string_at(all[i], "name") == name) {
            return i;
        }
    }
    return std::nullopt;
}

const Json& transformation_params(const Json& flow, std::string_view name) {
    static const Json none;
    const auto found = find_transformation(flow, name);
    return found ? json::member(json::array_at(flow, "transformations")[*found], "params") : none;
}

Json mapping_set_of(const Json& flow, const Call& call) {
    const Json& params = transformation_params(flow, "Mapping");
    const auto found =
        call.store.find(Kind::mapping_set, *call.sandbox, json::string_at(params, "mappingId"));
    return found ? found->at("body") : Json();
}

ResourceKind flow_kind() {
    using Type = Json::value_t;
    return {.kind = Kind::flow,
            .fields = {{"flowSpec.id", Type::string},
                       {"flowSpec.version", Type::string, Presence::optional},
                       {"sourceConnectionIds", Type::array, Presence::optional},
                       {"targetConnectionIds", Type::array, Presence::optional},
                       {"transformations", Type::array, Presence::optional},
                       {"scheduleParams", Type::object},
                       {"options", Type::object, Presence::optional}},
            .complete = complete_flow,
            .patchable = {"/transformations/", "/scheduleParams/", "/options", "/options/"},
            .invalid_path =
                [](const std::string& message) { return invalid_request("1365-400", message); },
            .invalid_patch =
                [](const std::string& message) { return invalid_request("1455-400", message); }};
}

}  // namespace bqconn::emulator
