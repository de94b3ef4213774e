using Thalweg.Diagnosis;
using Thalweg.Runs;

namespace Thalweg.Cli.Printing;

/// <summary>Prints what the doctor found.</summary>
internal static class DoctorPrinter
{
    /// <summary>Prints findings while a run is under way.</summary>
    public static void Watch(DoctorObserver doctor, Run run, ITrainPrinter printer)
    {
        doctor.Found = finding => printer.Note("doctor", finding.Text());
        doctor.Attach(run);
    }

    /// <summary>Prints an examination and its proof as text.</summary>
    public static void WriteText(Examination examination, Proof? proof, string language)
    {
        Console.Out.Write(ExaminationText.Of(examination, language));
        if (proof is not null)
            Console.Out.Write(ExaminationText.Of(proof, language));
    }

    /// <summary>Prints an examination and its proof as JSON.</summary>
    public static void WriteJson(Examination examination, Proof? proof, string language) => JsonOutput.Write(writer =>
    {
        writer.WritePropertyName("examination");
        writer.WriteRawValue(examination.ToJson(language));
        if (proof is null)
            return;
        writer.WritePropertyName("proof");
        writer.WriteRawValue(proof.ToJson(language));
    });
}
