#include "bqconn/output/table.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

#include "support/environment.hpp"

namespace bqconn::output {
namespace {

TEST(DisplayWidth, WideCombiningAndPlain) {
    struct Case {
        const char* text;
        std::size_t width;
    };
    for (const Case& one :
         {Case{"", 0}, Case{"abc", 3}, Case{"Größe", 5}, Case{"漢字", 4}, Case{"e\u0301", 1},
          Case{"a\u0308o\u0308", 2}, Case{"👩‍👩‍👧", 2}, Case{"ｆｕｌｌ", 8},
          Case{"\xff\xfe", 2}}) {
        EXPECT_EQ(display_width(one.text), one.width) << one.text;
    }
}

TEST(CutToWidth, NeverMoreThanAskedForAndNoHalfCharacter) {
    for (const char* const text :
         {"a longer text", "漢字漢字漢字", "e\u0301e\u0301e\u0301e\u0301", "abc"}) {
        for (std::size_t columns = 1; columns < 16; ++columns) {
            const std::string cut = cut_to_width(text, columns);
            EXPECT_LE(display_width(cut), columns) << text;
            EXPECT_EQ(cut.find("\xef\xbf\xbd"), std::string::npos);
            if (display_width(text) <= columns) {
                EXPECT_EQ(cut, text);
            } else {
                EXPECT_TRUE(cut.ends_with("…")) << cut;
            }
        }
    }
    EXPECT_EQ(cut_to_width("e\u0301e\u0301e\u0301", 2), "e\u0301…")
        << "the accent stays with its letter";
}

TEST(Wrapped, AtBlanksOnly) {
    EXPECT_EQ(wrapped("a bc  def", 5), "a bc\ndef");
    EXPECT_EQ(wrapped("  ab cd\nx", 5), "  ab\n  cd\nx");
    EXPECT_EQ(wrapped("a-long-word b", 4), "a-long-word\nb");
    EXPECT_EQ(wrapped("漢字 漢字", 8), "漢字\n漢字");
    EXPECT_EQ(wrapped("a  b\n\nc", 4), "a  b\n\nc");
    EXPECT_EQ(wrapped("\na", 4), "\na");
    EXPECT_EQ(wrapped("as it is", 0), "as it is");
}

const std::vector<ColumnTitle> titles{{"ID"}, {"NAME", true}, {"STATE"}};

TEST(Table, ColumnsStandUnderTheirTitles) {
    EXPECT_EQ(table(titles, {{"1", "漢字", "on"}, {"22", "x", ""}}, {}),
              "ID  NAME  STATE\n"
              "1   漢字  on\n"
              "22  x\n");
}

TEST(Table, OnlyATerminalCutsAndOnlyWhatMayBeCut) {
    const std::vector<Row> rows{{"an-id-of-some-length", std::string(60, 'n'), "enabled"}};
    EXPECT_NE(table(titles, rows, {}).find(std::string(60, 'n')), std::string::npos);
    const std::string narrow = table(titles, rows, {.columns = 50});
    EXPECT_NE(narrow.find("an-id-of-some-length  nnn"), std::string::npos);
    EXPECT_NE(narrow.find("…  enabled"), std::string::npos);
    for (std::size_t start = 0; start < narrow.size();) {
        const auto end = narrow.find('\n', start);
        EXPECT_LE(display_width(narrow.substr(start, end - start)), 50U);
        start = end + 1;
    }
}

// On an 80-column terminal, names next to an id and a time would be cut to nothing.
TEST(Table, AColumnIsLeftOutBeforeAnotherCannotBeRead) {
    const std::vector<ColumnTitle> wide{
        {"ID"}, {"NAME", true}, {"AUTH", false, 2}, {"STATE"}, {"UPDATED", false, 1}};
    const std::vector<Row> rows{
        {std::string(36, 'i'), std::string(30, 'n'), "Service", "enabled", "2026-01-31 12:00"}};
    const auto head = [&](std::size_t columns) {
        const std::string text = table(wide, rows, {.columns = columns});
        EXPECT_LE(display_width(text.substr(0, text.find('\n'))), columns);
        EXPECT_LE(display_width(text.substr(text.find('\n') + 1)), columns + 1);
        return text.substr(0, text.find('\n'));
    };
    EXPECT_NE(head(120).find("UPDATED"), std::string::npos);
    EXPECT_EQ(head(80), "ID" + std::string(36, ' ') + "NAME" + std::string(22, ' ') + "AUTH" +
                            std::string(5, ' ') + "STATE");
    EXPECT_EQ(head(70).find("AUTH"), std::string::npos);
    EXPECT_NE(table(wide, rows, {}).find("UPDATED"), std::string::npos);
}

TEST(Table, OnACellALineIfColumnsDoNotFit) {
    const std::string id(36, 'i');
    EXPECT_EQ(
        table(titles, {{id, std::string(50, 'n'), ""}, {id, "x", "on"}},
              {.columns = 40, .ascii = true}),
        "ID " + id + "\nNAME " + std::string(34, 'n') + "~\n\nID " + id + "\nNAME x\nSTATE on\n");
}

TEST(Table, WhatTheServerSaysIsInert) {
    const std::string text = table(titles, {{"1", "a\x1b[31m\nb\u202e", "on"}}, {});
    EXPECT_EQ(text.find('\x1b'), std::string::npos);
    EXPECT_EQ(text.find("\u202e"), std::string::npos);
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2);
}

TEST(Table, TheTitlesAreBoldInColour) {
    EXPECT_TRUE(table(titles, {}, {.colour = true}).starts_with("\x1b[1mID"));
}

TEST(Csv, EveryCellIsQuotedAndStaysOnItsLine) {
    EXPECT_EQ(csv({"a", "b"}, {{"say \"hi\"", "x,y"}, {"::error::", "two\nlines"}}),
              "\"a\",\"b\"\n"
              "\"say \"\"hi\"\"\",\"x,y\"\n"
              "\": :error::\",\"two lines\"\n");
}

TEST(LocalTime, IsThatOfTheUser) {
    EXPECT_EQ(local_time(0), "-");
    EXPECT_EQ(local_time(-1), "-");
    const test::ScopedVariable utc("TZ", "UTC0");
    ::tzset();
    EXPECT_EQ(local_time(1'700'000'000'000), "2023-11-14 22:13 UTC");
    const test::ScopedVariable india("TZ", "IST-5:30");
    ::tzset();
    EXPECT_EQ(local_time(1'700'000'000'000), "2023-11-15 03:43 IST");
}

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::sys_seconds;

TEST(Times, HowLong) {
    const std::pair<seconds, const char*> cases[]{
        {seconds(0), "0 s"},   {seconds(59), "59 s"},          {seconds(252), "4 min 12 s"},
        {minutes(4), "4 min"}, {hours(2) + seconds(5), "2 h"}, {hours(2) + minutes(5), "2 h 5 min"},
        {hours(76), "3 d 4 h"}};
    for (const auto& [time, text] : cases) {
        EXPECT_EQ(duration(time), text);
    }
}

TEST(Times, HowFarAway) {
    const sys_seconds now(seconds(1'800'000'000));
    EXPECT_EQ(distance(now, now + hours(23)), "in 23 h");
    EXPECT_EQ(distance(now, now + hours(47)), "in 47 h");
    EXPECT_EQ(distance(now, now + hours(48)), "in 2 d");
    EXPECT_EQ(distance(now, now + minutes(119)), "in 119 min");
    EXPECT_EQ(distance(now, now + seconds(119)), "in 119 s");
    EXPECT_EQ(distance(now, now), "in 0 s");
    EXPECT_EQ(distance(now, now - minutes(5)), "5 min ago");
}

}  // namespace
}  // namespace bqconn::output
