using Thalweg.Kernels;

namespace Thalweg;

/// <summary>What pooling operations share: windows from options, for images and signals, sliding and adaptive.</summary>
internal abstract unsafe class PoolingFamilyOp : FloatOp
{
    private const int Signal = 1, Adaptive = 2, Centered = 4;

    /// <summary>What the members say of themselves.</summary>
    protected static OpDescription Describe(in OpArguments arguments, OpDescription description)
    {
        description.Of(OpKind.Pooling).Inputs("input").Attribute("output_shape", arguments.Shape);
        return arguments.Second switch
        {
            Adaptive => description.Attribute("adaptive", true),
            Centered => description.Attribute("rows", arguments.First),
            _ => description.Attribute("options", arguments.Settings!).Attribute("signal", arguments.Second == Signal),
        };
    }

    /// <summary>Arguments of a pooling with a window that slides.</summary>
    public static OpArguments Sliding(string name, Tensor x, PoolingOptions options, bool signal)
    {
        options.Check(name, signal);
        CheckRank(name, x, signal);
        Size2d stride = options.Stride ?? options.KernelSize;
        int height = signal ? 1 : PoolAxis.Count(
            x.Shape[2], options.KernelSize.Height, stride.Height, options.Padding.Height, options.Dilation.Height, options.CeilMode);
        int width = PoolAxis.Count(
            x.Shape[-1], options.KernelSize.Width, stride.Width, options.Padding.Width, options.Dilation.Width, options.CeilMode);
        return height > 0 && width > 0
            ? new OpArguments { Shape = [x.Shape[0], x.Shape[1], height, width], Settings = options, Second = signal ? Signal : 0 }
            : throw new ThalwegException(
                $"[{name}] expected inputs of at least the size of the window " +
                $"{(signal ? $"{options.KernelSize.Width}" : $"{options.KernelSize}")}, got {x.Shape}");
    }

    /// <summary>Arguments of a pooling to a given size.</summary>
    public static OpArguments ToSize(string name, Tensor x, Size2d size, bool signal)
    {
        CheckRank(name, x, signal);
        return size.Width > 0 && (signal || size.Height > 0) && x.Shape.LengthOf(2, x.Rank) > 0
            ? new OpArguments
            {
                Shape = [x.Shape[0], x.Shape[1], signal ? 1 : size.Height, size.Width],
                Settings = PoolingOptions.Adaptive,
                Second = Adaptive
            }
            : throw new ThalwegException(
                $"[{name}] expected an output size of 1 or more and inputs that are not empty, got {size} for inputs {x.Shape}");
    }

    /// <summary>Arguments of sums over windows of neighboring rows, as many as there are rows, divided by the window's full size.</summary>
    public static OpArguments OverRows(Tensor x, int size) => new()
    {
        Shape = x.Shape,
        Settings = PoolingOptions.Adaptive,
        First = size,
        Second = Centered,
    };

    /// <summary>The kernel's view of a pooling from planes of one shape to planes of another; the table must outlive it.</summary>
    protected static PoolWork<T> Plan<T>(in OpArguments arguments, Shape planes, Shape pooled, Tensor table)
        where T : unmanaged
    {
        PoolingOptions options = (PoolingOptions)arguments.Settings!;
        Size2d stride = options.Stride ?? options.KernelSize, kernel = options.KernelSize, padding = options.Padding;
        PoolAxis one = new(1, 1, 1, 1, 0, 1);
        PoolWork<T> work =
            new() { Count = checked(planes[0] * planes[1]), Divisor = options.DivisorOverride ?? 0, RowTable = table.Pointer<int>() };
        switch (arguments.Second)
        {
            case Adaptive:
                work.Rows = PoolAxis.Adaptive(planes[2], pooled[2]);
                work.Columns = PoolAxis.Adaptive(planes[3], pooled[3]);
                break;
            case Centered:
                work.Rows = new PoolAxis(planes[2], pooled[2], arguments.First, 1, arguments.First / 2, 1);
                work.Columns = new PoolAxis(planes[3], pooled[3], 1, 1, 0, 1);
                work.Divisor = arguments.First;
                break;
            default:
                work.Rows = arguments.Second == Signal
                    ? one
                    : new PoolAxis(planes[2], pooled[2], kernel.Height, stride.Height, padding.Height, options.Dilation.Height);
                work.Columns = new PoolAxis(planes[3], pooled[3], kernel.Width, stride.Width, padding.Width, options.Dilation.Width);
                break;
        }

        work.ColumnTable = work.RowTable + (PoolAxis.Fields * pooled[2]);
        work.Rows.Write(work.RowTable, options.CountIncludePad);
        work.Columns.Write(work.ColumnTable, options.CountIncludePad);
        return work;
    }

    /// <summary>Memory for the windows.</summary>
    protected Tensor Table(Shape pooled) => Tensor.Allocate([PoolAxis.Fields * (pooled[2] + pooled[3])], DType.Int32, Name);

    private static void CheckRank(string name, Tensor x, bool signal)
    {
        if (x.Rank != (signal ? 3 : 4))
            Throw.WrongShape(name, signal ? "signals [batch, channels, length]" : "images [batch, channels, height, width]", x.Shape);
    }
}
